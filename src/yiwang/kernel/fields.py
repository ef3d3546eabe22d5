"""Model fields for values that must not be readable in the database."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import FieldError
from django.db import models

from yiwang.kernel.crypto import decrypt, decrypt_many, encrypt, encrypt_many

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:
    BytesField = models.BinaryField
else:

    class BytesField(models.BinaryField):
        """Django's fields are generic for the type checker only; here they are for both."""

        def __class_getitem__(cls, _types):
            return cls


class EncryptedTextField(BytesField[_ST, _GT]):
    """Text in Python, AES-GCM ciphertext in the table, bound to its table and column.

    Can't be searched, sorted or grouped by: keep a ``blind_index`` beside it for looking up. ``None`` stays NULL.
    """

    description = "Encrypted text"

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]  # text here, bytes in the table

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}".encode()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = encrypt(value, self.context)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> str | None:
        return None if value is None else decrypt(bytes(value), self.context)

    def sealed(self, texts: Sequence[str | None]) -> list[bytes | None]:
        """A whole column as the table keeps it."""
        drawn = iter(encrypt_many([text for text in texts if text is not None], self.context))
        return [None if text is None else next(drawn) for text in texts]

    def opened(self, values: Sequence[bytes | None]) -> list[str | None]:
        """A whole column as Python reads it."""
        drawn = iter(decrypt_many([value for value in values if value is not None], self.context))
        return [None if value is None else next(drawn) for value in values]

    def to_python(self, value: Any) -> Any:
        return value

    def get_default(self) -> Any:
        default = super().get_default()
        return "" if default == b"" else default

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look it up by its blind index, not by “{lookup_name}”.")
        return super().get_lookup(lookup_name)


def encrypted(model: type[models.Model], name: str) -> EncryptedTextField[Any, Any]:
    """The encrypted field of that name, for reading and writing whole columns of it."""
    field = model._meta.get_field(name)
    assert isinstance(field, EncryptedTextField)
    return field
