"""The guest's disks: Debian as it comes, made once and kept; a small one with the package and what the check brings."""

import platform
import shutil
import subprocess
from pathlib import Path

PACKAGES = (
    "systemd", "systemd-sysv", "udev", "dbus", "linux-image-amd64", "initramfs-tools", "python3", "ca-certificates",
    "kbd", "console-setup-linux", "ir-keytable", "v4l-utils", "procps", "kmod", "iproute2", "curl",
)  # fmt: skip
BROUGHT = ("agent.py", "remote.py")
SIZE = "3G"

_FILES = {
    # An initial file system with what this machine needs: half the size, and half the time that it takes to unpack.
    "etc/initramfs-tools/conf.d/guest": "MODULES=list\n",
    "etc/initramfs-tools/hooks/guest": (
        "#!/bin/sh\n[ \"$1\" = prereqs ] && exit\n. /usr/share/initramfs-tools/hook-functions\n"
        "manual_add_modules virtio_pci virtio_blk ext4\n"
    ),
    "etc/fstab": "/dev/vda / ext4 defaults 0 1\n/dev/vdb /guest ext4 ro 0 0\n",
    "etc/hostname": "guest\n",
    "etc/systemd/network/guest.network": (
        "[Match]\nName=eth0\n[Network]\nAddress=10.0.2.15/24\nLinkLocalAddressing=no\n"
    ),
    "etc/systemd/system/guest-agent.service": (
        "[Unit]\nDefaultDependencies=no\nAfter=local-fs.target\n"
        "[Service]\nExecStart=/usr/bin/python3 -IB /guest/agent.py /dev/virtio-ports/guest.agent\n"
        "Restart=always\nRestartSec=1\nStartLimitIntervalSec=0\n[Install]\nWantedBy=sysinit.target\n"
    ),
    # A device speaks plain HTTP to its own loopback only; the service is outside of the guest.
    "etc/systemd/system/guest-way.socket": (
        "[Socket]\nListenStream=127.0.0.1:8787\n[Install]\nWantedBy=sockets.target\n"
    ),
    "etc/systemd/system/guest-way.service": (
        "[Service]\nExecStart=/usr/lib/systemd/systemd-socket-proxyd 10.0.2.100:8787\n"
    ),
}  # fmt: skip
_ENABLED = {
    "etc/systemd/system/sysinit.target.wants/guest-agent.service": "/etc/systemd/system/guest-agent.service",
    "etc/systemd/system/sockets.target.wants/guest-way.socket": "/etc/systemd/system/guest-way.socket",
    "etc/systemd/system/multi-user.target.wants/systemd-networkd.service": (
        "/lib/systemd/system/systemd-networkd.service"
    ),
}


class ImageError(Exception):
    """The guest cannot be made: one line with the reason."""


def base(folder: Path) -> Path:
    """A folder with `base.img`, `vmlinuz` and `initrd.img`; made on the first call, in three to ten minutes."""
    if not (folder / "base.img").exists():
        folder.mkdir(parents=True, exist_ok=True)
        root = folder / "root"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        _bootstrap(root)
        for name in ("vmlinuz", "initrd.img"):
            (found,) = (root / "boot").glob(f"{name}-*")
            shutil.copyfile(found, folder / name)
        _run("mkfs.ext4", "-q", "-F", "-d", str(root), str(folder / "new.img"), SIZE)
        (folder / "new.img").rename(folder / "base.img")
        shutil.rmtree(root)
    return folder


def _bootstrap(root: Path) -> None:
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755 if text.startswith("#!") else 0o644)
    for name, target in _ENABLED.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)
    mirror, codename = _mirror()
    _run(
        "mmdebstrap", "--variant=minbase", "--mode=root", "--quiet", f"--include={','.join(PACKAGES)}",
        "--skip=check/empty", '--aptopt=Acquire::Languages "none"', "--dpkgopt=force-unsafe-io", codename, str(root),
        mirror,
    )  # fmt: skip


def _mirror() -> tuple[str, str]:
    """This machine's Debian mirror and release, as apt is configured."""
    release = platform.freedesktop_os_release()
    codename = release.get("VERSION_CODENAME", "")
    listed = _run(
        "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian",
        f"Codename: {codename}", "Component: main",
    ).split()  # fmt: skip
    if release.get("ID") != "debian" or not listed:
        raise ImageError("apt knows no mirror of this machine's Debian (apt-get update?)")
    return listed[0], codename


def disks(made: Path, package: Path, folder: Path) -> None:
    """Fresh disks of a run: `disk.qcow2`, which keeps what the guest writes, and `brought.img`."""
    _run(
        "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(made / "base.img"),
        str(folder / "disk.qcow2"),
    )  # fmt: skip
    brought = folder / "brought"
    brought.mkdir(exist_ok=True)
    for name in BROUGHT:
        shutil.copyfile(Path(__file__).parent / name, brought / name)
    shutil.copyfile(package, brought / "kiosk.deb")
    _run("mkfs.ext4", "-q", "-F", "-d", str(brought), str(folder / "brought.img"), "64M")


def _run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        raise ImageError(f"{command[0]} is not installed")
    ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=1800)
    if ran.returncode:
        raise ImageError(f"{command[0]}: {ran.stderr.strip()[-2000:]}")
    return ran.stdout
