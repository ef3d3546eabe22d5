from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class FileRefused(DomainError):
    """A file that can't be taken. ``reason`` is stable: empty, type, program, markup, unknown, broken, bomb."""

    code = "file_refused"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class FileTooLarge(DomainError):
    code = "file_too_large"

    def __init__(self, name: str, *, size: int, limit: int, is_image: bool) -> None:
        words = {"name": name, "size": in_megabytes(size), "limit": in_megabytes(limit)}
        if is_image:
            text = _("“{name}”有{size}兆，缩小以后还是超过{limit}兆。请截取要看的部分，或者拍近一点再传。")
        else:
            text = _("“{name}”有{size}兆，最多{limit}兆。可以分成几个文件，或者拍成照片上传。")
        super().__init__(text.format(**words))


class TooManyFiles(DomainError):
    code = "too_many_files"

    def __init__(self, name: str, *, limit: int) -> None:
        text = _("这里最多放{limit}个文件，“{name}”没有收。要换的话，先去掉一个。")
        super().__init__(text.format(name=name, limit=limit))


class InfectedFile(DomainError):
    code = "infected_file"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}”里查出病毒，没有收，已经隔离。请在自己的设备上杀毒，再换一个文件。").format(name=name)
        )


class DiskFull(DomainError):
    code = "disk_full"

    def __init__(self) -> None:
        super().__init__(_("服务器的存储空间满了，这次没有存上。你填的都在，请过一会儿再传，或者拨打12351。"))


class NotClaimable(DomainError):
    code = "not_claimable"

    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}”不能交：它被隔离了，或者已经去掉。请换一个文件再交。").format(name=name))


def in_megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")
