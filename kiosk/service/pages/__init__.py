"""The pages that people see: the hosted page behind a login link, and the mailbox."""
