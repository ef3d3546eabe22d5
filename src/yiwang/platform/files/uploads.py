"""How uploads reach us: to disk in chunks, never whole in memory, and no more than the ceiling."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Above ``UPLOAD_CEILING`` the rest is read and dropped, so that the page can still say which file was too big."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.UPLOAD_CEILING:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        upload = super().file_complete(file_size)
        if self.received > settings.UPLOAD_CEILING:
            self.file.truncate(0)
        return upload
