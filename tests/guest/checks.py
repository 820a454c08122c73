"""What is checked, in order. Each check leaves the box running; the first ones set it up."""

import time
from collections.abc import Callable

from tests.guest.box import SLOW, Box
from tests.guest.machine import Late


def expect(true: bool, what: str) -> None:
    """A claim about the box."""
    if not true:
        raise Late(what)


def install(box: Box) -> None:
    """The package installs and takes nobody's console; the entry screen stands once systemd says that it is ready."""
    box.install()
    expect(not box.active(), "the installation alone started the service")
    began = time.monotonic()
    box.machine.get("systemctl enable --now kiosk.service 2>&1", SLOW)
    box.figures.append(f"enable --now, with the key made: {time.monotonic() - began:.0f} s")
    box.machine.see("Email or username", 1)
    box.machine.get("test -s /etc/credstore.encrypted/kiosk.key")
    box.picture("entry")
    rows, columns = map(int, box.machine.get("stty -F /dev/tty1 size").split())
    expect(rows >= 24 and columns >= 80, f"the font leaves {columns}x{rows}")
    box.figures.append(f"{columns}x{rows} cells")


def boot(box: Box) -> None:
    """Booted from scratch, the first console is the sign-in."""
    seconds = box.machine.reboot()
    box.until_active(SLOW)
    box.machine.see("Email or username", 60)
    expect(box.machine.get("cat /sys/class/tty/tty0/active") == "tty1", "another console is in front")
    expect(not box.active("getty@tty1.service"), "a log-in prompt runs on the console")
    up = int(box.unit("ActiveEnterTimestampMonotonic")) / 1e6
    box.figures.append(f"agent after {seconds:.0f} s; sign-in {up:.0f} s after the kernel's start")
    box.figures.append(f"first frame {box.start_seconds():.1f} s after the process; {megabytes(box)} MB")
    box.picture("booted")


def signin(box: Box) -> None:
    """Keys of the machine's keyboard, the service, a link opened: welcome."""
    box.submit()
    box.picture("waiting")
    began = time.monotonic()
    box.open_link()
    box.machine.see("Welcome, Jane")
    box.figures.append(f"link to welcome {time.monotonic() - began:.1f} s, the seconds of curl with it")
    box.picture("welcome")


def reboot(box: Box) -> None:
    """After a boot the person is greeted by name, out of the sealed file."""
    box.signed_in()
    box.machine.reboot()
    box.until_active()
    box.machine.see("Welcome, Jane", 60)
    box.figures.append(f"{megabytes(box)} MB")
    status = box.machine.get("/usr/share/kiosk/keyring/kiosk-on-box status", SLOW)
    expect("systemd credential kiosk.key" in status, status)


def restarts(box: Box) -> None:
    """Killed, it comes back; restarted, too; stopped, it stays away and the log-in prompt comes."""
    began = time.monotonic()
    box.machine.get("kill -9 $(systemctl show kiosk.service --value -p MainPID)")
    box.machine.until(lambda: not box.active(), "the end")
    box.until_active()
    box.figures.append(f"killed, ready again after {time.monotonic() - began:.1f} s")
    box.machine.get("systemctl restart kiosk.service", SLOW)
    time.sleep(5)  # for whatever else would take the console
    expect(box.active() and not box.active("getty@tty1.service"), "the console changed hands at a restart")
    box.machine.get("systemctl stop kiosk.service", SLOW)
    box.machine.see("login:", 30)
    expect(not box.active("kiosk-resting.service"), "a stop counted as a failure")
    box.machine.get("systemctl start kiosk.service", SLOW)
    expect(not box.active("getty@tty1.service"), "the log-in prompt stayed")


def watchdog(box: Box) -> None:
    """A process that hangs is ended by systemd and started anew."""
    before = int(box.unit("NRestarts"))
    began = time.monotonic()
    box.machine.get("kill -STOP $(systemctl show kiosk.service --value -p MainPID)")
    box.machine.until(lambda: int(box.unit("NRestarts")) > before, "the watchdog", 90)
    box.until_active()
    box.figures.append(f"hung, ready again after {time.monotonic() - began:.0f} s")
    box.machine.get("journalctl -u kiosk.service | grep -q 'Watchdog timeout'")


def remote(box: Box) -> None:
    """Keys that no console delivers, of a remote that comes and goes; each counts once, and only on our console."""
    box.at_the_entry()
    box.remote(519, 513, 512)  # numeric 7, 1, 0
    box.until_typed("710")
    box.remote(398)  # red
    box.until_typed("71")
    box.remote(158)  # back, of which the console's own keymap makes nothing
    box.until_typed("7")
    box.machine.get("chvt 2")
    box.remote(519, 352, 398)
    box.machine.get("chvt 1")
    expect(box.typed() == "7", f"pressed on another console, and here: {box.typed()}")
    box.machine.get("loadkeys /usr/share/kiosk/remotes/kiosk.map")
    box.remote(513, 513, 158)  # back now comes by the console too
    box.until_typed("71")
    box.remote("--hold", 1.5, 513)  # held, and no second press
    time.sleep(1)
    box.until_typed("711")
    box.remote(108, 352)  # down to the keyboard, ok on a letter
    box.machine.until(lambda: len(box.typed()) == 4, "one letter more", 20, box.typed)


def tables(box: Box) -> None:
    """Infra-red and HDMI-CEC by our tables: rc-loopback and vivid stand in for the receiver and the TV."""
    run = box.machine.get
    shipped = "/usr/share/kiosk/remotes"
    run(
        f"mkdir -p /etc/rc_keymaps && cp {shipped}/kiosk_cec.toml /etc/rc_keymaps"
        f" && cp {shipped}/rc_maps.cfg /etc/kiosk && cp {shipped}/71-kiosk-remote.rules /etc/udev/rules.d"
        f" && cp {shipped}/kiosk-cec@.service /etc/systemd/system"
        " && systemctl daemon-reload && udevadm control --reload"
        " && modprobe rc-loopback && modprobe vivid && udevadm settle"
    )
    box.machine.until(lambda: box.active("kiosk-cec@cec1.service"), "a place on the bus", 60)
    run("cec-ctl -d /dev/cec0 --tv && systemctl restart kiosk-cec@cec1.service")
    box.at_the_entry()

    def tv(key: str) -> None:
        run(f"cec-ctl -d /dev/cec0 --to 4 --user-control-pressed ui-cmd={key}; sleep 0.2")
        run("cec-ctl -d /dev/cec0 --to 4 --user-control-released")

    tv("number-3")
    box.until_typed("3")
    tv("number-9")
    box.until_typed("39")
    tv("f2-red")
    box.until_typed("3")
    run(f"{shipped}/make remap /lib/udev/rc_keymaps/hauppauge.toml /tmp")
    run("ir-keytable -s $(basename $(dirname $(grep -l rc-loopback /sys/class/rc/*/uevent)))"
        " -c -p rc-5 -w /tmp/hauppauge.toml")  # fmt: skip
    for scancode, wanted in ((0x1E07, "37"), (0x1E0B, "3"), (0x1E05, "35"), (0x1E1F, "3")):
        run(f"ir-ctl -d /dev/lirc0 -S rc5:{scancode:#x}")  # 7, red, 5, exit
        box.until_typed(wanted)


def doctor(box: Box) -> None:
    """The doctor finds nothing wrong on the box, but that it was asked from elsewhere."""
    code, said = box.machine.run("/usr/share/kiosk/keyring/kiosk-on-box doctor", SLOW)
    expect(code == 0 and "problem" not in said, f"exit code {code}:\n{said}")
    for part in ("the service answers", "written, read and removed", "API key: accepted"):
        expect(part in said, said)


def handover(box: Box) -> None:
    """A player that draws past the console and is killed leaves a screen that shows, and takes keys."""
    dark = "import fcntl, os; fcntl.ioctl(0, 0x4B45, 4); fcntl.ioctl(0, 0x4B3A, 1); os.kill(os.getpid(), 9)"  # both off
    box.signed_in()
    box.put("/etc/kiosk/kiosk.d/player.toml", f"command = ['python3', '-c', '{dark}']\n")
    box.machine.get("systemctl restart kiosk.service", SLOW)
    box.until_decided()
    box.machine.see("The program was ended (signal 9).", 60)
    box.machine.press("right")
    box.machine.until(lambda: "[ Sign out ]" not in box.machine.screen(), "a key's effect", 20, box.machine.screen)
    modes = "import fcntl; print(*(fcntl.ioctl(0, ask, bytes(4))[0] for ask in (0x4B44, 0x4B3B)))"
    keyboard, screen = box.machine.get(f"python3 -c '{modes}' < /dev/tty1").split()
    expect(keyboard != "4", "the keyboard is off")
    expect(screen == "0", f"the screen is in mode {screen}")
    box.picture("after-the-player")
    box.machine.get("rm /etc/kiosk/kiosk.d/player.toml; systemctl restart kiosk.service", SLOW)


def powercut(box: Box) -> None:
    """The plug pulled while a link is waited for: after the boot the same link still signs in."""
    box.submit()
    time.sleep(10)
    box.machine.cut()
    seconds = box.machine.on()
    box.until_active()
    box.machine.see("Waiting for you to open the link", 90)
    box.figures.append(f"plug to agent {seconds:.0f} s")
    box.picture("after-the-cut")
    box.open_link()
    box.machine.see("Welcome, Jane")


def lockdown(box: Box) -> None:
    """With the lock-down, no key of a keyboard leads to another console, a log-in or a reboot."""
    box.machine.get("kiosk-lockdown on")
    box.machine.reboot()
    box.until_active()
    up = box.machine.get("cat /proc/sys/kernel/random/boot_id")
    for keys in ("ctrl+alt+f2", "alt+f2", "alt+right", "ctrl+alt+delete", "ctrl+c", "ctrl+q", "ctrl+z", "alt+sysrq+b"):
        box.machine.press(keys)
        time.sleep(1)
    time.sleep(5)
    expect(box.machine.get("cat /proc/sys/kernel/random/boot_id") == up, "a key rebooted it")
    expect(box.machine.get("cat /sys/class/tty/tty0/active") == "tty1", "a key led to another console")
    expect(box.active() and box.unit("NRestarts") == "0", "a key ended it")
    box.machine.get("systemctl is-active getty@tty2.service autovt@tty2.service; test $? -ne 0")


def megabytes(box: Box) -> str:
    """What the service uses."""
    return f"{int(box.unit('MemoryCurrent')) / 1e6:.0f}"


CHECKS: tuple[Callable[[Box], None], ...] = (
    install, boot, signin, reboot, restarts, watchdog, remote, tables, doctor, handover, powercut, lockdown,
)  # fmt: skip
ALWAYS = (install,)
