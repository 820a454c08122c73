"""The operations of the Redis store that read and write: each is one script, which Redis runs as a whole.

All keys of a site share a hash tag, so that a cluster keeps them together; scripts that learn a key on the way build it
from the prefix they are given. Numbers are kept as `%.17g`, which loses nothing.
"""

from typing import Final

_NUMBER: Final = "local function num(x) return string.format('%.17g', x) end\n"

# KEYS attempt, link, quota; ARGV now, link's value, life in ms, mails, window, disabled, then fields and values.
BEGIN: Final = (
    _NUMBER
    + """
if redis.call('EXISTS', KEYS[1]) == 1 then return {'GUID_TAKEN', '0'} end
local now, most = tonumber(ARGV[1]), tonumber(ARGV[4])
local window, pause = tonumber(ARGV[5]), tonumber(ARGV[6])
local kept = redis.call('HMGET', KEYS[3], 'started', 'mails', 'until')
local started, mails = tonumber(kept[1] or now), tonumber(kept[2] or 0)
local blocked = tonumber(kept[3] or 0)
if now < blocked and blocked <= now + pause then return {'LIMIT_REACHED', num(blocked - now)} end
if blocked > 0 or now < started or now >= started + window then started, mails = now, 0 end
blocked = mails >= most and now + pause or 0
redis.call('HSET', KEYS[3], 'started', num(started), 'mails', mails + 1, 'until', num(blocked))
redis.call('PEXPIRE', KEYS[3], math.ceil((math.max(started + window, blocked) - now) * 1000))
if blocked > 0 then return {'LIMIT_REACHED', num(pause)} end
redis.call('HSET', KEYS[1], unpack(ARGV, 7))
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'ADDED', '0'}
"""
)

# KEYS link, list of the just opened; ARGV prefix of attempts, now, number. Answers the outcome and the attempt's key.
OPEN: Final = """
local guid = redis.call('GET', KEYS[1])
local key = ARGV[1] .. (guid or '')
local a = redis.call('HMGET', key, 'expires', 'verified', 'redeemed', 'number')
if not guid or not a[1] then return {'UNKNOWN', ''} end
if a[3] then return {'SPENT', guid} end
if tonumber(ARGV[2]) >= tonumber(a[1]) then return {'EXPIRED', guid} end
if a[2] then return {'AGAIN', guid} end
if a[4] ~= '' and ARGV[3] == '' then return {'NUMBER_MISSING', guid} end
if a[4] ~= '' and ARGV[3] ~= a[4] then
  redis.call('HSET', key, 'expires', ARGV[2])
  return {'NUMBER_WRONG', guid}
end
redis.call('HSET', key, 'verified', ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[2] - 60)
redis.call('ZADD', KEYS[2], ARGV[2], guid)
redis.call('EXPIRE', KEYS[2], 120)
return {'VERIFIED', guid}
"""

# ARGV from `at` on: access token, expiry, life in ms, refresh token, its expiry, its life in ms;
# KEYS session, refresh. The refresh tokens of an account are listed, so that all can be revoked at once.
_SESSION: Final = """
local function begin(uid, session, refresh, lists, at)
  redis.call('HSET', session, 'uid', uid, 'expires', ARGV[at + 1], 'refresh', ARGV[at + 3])
  redis.call('PEXPIRE', session, ARGV[at + 2])
  if ARGV[at + 3] ~= '' then
    redis.call('HSET', refresh, 'uid', uid, 'expires', ARGV[at + 4], 'access', ARGV[at])
    redis.call('PEXPIRE', refresh, ARGV[at + 5])
    redis.call('ZREMRANGEBYSCORE', lists .. uid, '-inf', ARGV[1])
    redis.call('ZADD', lists .. uid, ARGV[at + 4], refresh)
    redis.call('PEXPIRE', lists .. uid, ARGV[at + 5])
  end
end
"""

# KEYS session, refresh, attempt; ARGV now, access token, expiry, life, refresh token, expiry, life, lists' prefix,
# salt.
REDEEM: Final = (
    _SESSION
    + """
local a = redis.call('HMGET', KEYS[3], 'verified', 'redeemed', 'expires', 'uid')
if not a[1] or a[2] or tonumber(a[3]) <= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[3], 'redeemed', ARGV[1])
begin(a[4], KEYS[1], KEYS[2], ARGV[8], 2)
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[3], 'salt', ARGV[9])
  redis.call('HSET', KEYS[1], 'fresh', 1)
end
return 1
"""
)

# KEYS session, refresh; ARGV as of REDEEM without the salt, then the account's id.
BEGIN_SESSION: Final = (
    _SESSION
    + """
begin(ARGV[9], KEYS[1], KEYS[2], ARGV[8], 2)
return 1
"""
)

# KEYS session, refresh, the refresh token that is spent; ARGV as of REDEEM without the salt, then sessions' prefix.
REFRESH: Final = (
    _SESSION
    + """
local r = redis.call('HMGET', KEYS[3], 'uid', 'expires', 'access')
redis.call('DEL', KEYS[3])
if not r[1] or tonumber(r[2]) <= tonumber(ARGV[1]) then return false end
redis.call('DEL', ARGV[9] .. r[3])
begin(r[1], KEYS[1], KEYS[2], ARGV[8], 2)
return r[1]
"""
)

# KEYS list of an account's refresh tokens.
REVOKE_ALL: Final = """
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('DEL', key) end
return redis.call('DEL', KEYS[1])
"""

# KEYS session; ARGV now, new expiry, life in ms.
SLIDE: Final = """
local expires = redis.call('HGET', KEYS[1], 'expires')
if not expires or tonumber(expires) <= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'expires', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""

# KEYS session; ARGV prefix of refresh tokens, or '' to leave them alone.
END: Final = """
local refresh = redis.call('HGET', KEYS[1], 'refresh')
redis.call('DEL', KEYS[1])
if ARGV[1] ~= '' and refresh and refresh ~= '' then redis.call('DEL', ARGV[1] .. refresh) end
return 1
"""

# KEYS person, its list of names, then its names; ARGV uid, data.
ADD_PERSON: Final = """
if redis.call('EXISTS', KEYS[1], unpack(KEYS, 3)) > 0 then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
for i = 3, #KEYS do
  redis.call('SET', KEYS[i], ARGV[1])
  redis.call('SADD', KEYS[2], KEYS[i])
end
return 1
"""

# KEYS person, its list of names, its notes.
DELETE_PERSON: Final = """
for _, name in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('DEL', name) end
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('SET', KEYS[1], '')
return 1
"""

# KEYS counter of ids, mailbox; ARGV mail, how many to keep.
PUT_MAIL: Final = """
local id = redis.call('INCR', KEYS[1])
redis.call('LPUSH', KEYS[2], id .. ' ' .. ARGV[1])
redis.call('LTRIM', KEYS[2], 0, ARGV[2] - 1)
return id
"""

# KEYS counter of ids, queue; ARGV prefix of mails, message, label, due, life in ms.
OUTBOX_ADD: Final = """
local id = string.format('%015d', redis.call('INCR', KEYS[1]))
redis.call('HSET', ARGV[1] .. id, 'id', id, 'message', ARGV[2], 'label', ARGV[3], 'tries', 0, 'due', ARGV[4],
  'error', '')
redis.call('PEXPIRE', ARGV[1] .. id, ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[4], id)
return id
"""

# KEYS queue; ARGV prefix of mails, now, end of lease. A mail that Redis has let go leaves the queue on the way.
OUTBOX_LEASE: Final = """
while true do
  local id = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, 1)[1]
  if not id then return false end
  local key = ARGV[1] .. id
  if redis.call('EXISTS', key) == 1 then
    redis.call('HINCRBY', key, 'tries', 1)
    redis.call('HSET', key, 'due', ARGV[3])
    redis.call('ZADD', KEYS[1], ARGV[3], id)
    return redis.call('HGETALL', key)
  end
  redis.call('ZREM', KEYS[1], id)
end
"""

# KEYS mail, queue, list of the given up; ARGV id, tries, what to do (done, retry, fail), error, due.
OUTBOX_END: Final = """
if redis.call('HGET', KEYS[1], 'tries') ~= ARGV[2] then return 0 end
if ARGV[3] == 'done' then
  redis.call('DEL', KEYS[1])
  return redis.call('ZREM', KEYS[2], ARGV[1])
end
redis.call('HSET', KEYS[1], 'error', ARGV[4])
if ARGV[3] == 'retry' then
  redis.call('HSET', KEYS[1], 'due', ARGV[5])
  return redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
end
redis.call('HSET', KEYS[1], 'message', '')
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('ZADD', KEYS[3], 0, ARGV[1])
"""

# KEYS list of the given up; ARGV prefix of mails.
OUTBOX_FAILED: Final = """
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  local mail = redis.call('HGETALL', ARGV[1] .. id)
  if #mail > 0 then found[#found + 1] = mail else redis.call('ZREM', KEYS[1], id) end
end
return found
"""

# KEYS counter of this second; ARGV want, limit.
TAKE_CALLS: Final = """
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local taken = math.max(0, math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - used))
redis.call('INCRBY', KEYS[1], taken)
redis.call('EXPIRE', KEYS[1], 10)
return taken
"""
