import base64

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel import crypto
from yiwang.kernel.crypto import CannotDecrypt, blind_index, decrypt, encrypt, needs_rotation, parse_key_ring, rotate
from yiwang.kernel.fields import EncryptedTextField

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@given(st.text(max_size=200))
def test_what_was_encrypted_comes_back_and_never_looks_the_same(text):
    one, two = encrypt(text, b"a"), encrypt(text, b"a")

    assert decrypt(one, b"a") == decrypt(two, b"a") == text
    assert one != two


def test_a_value_moved_to_another_column_does_not_decrypt():
    with pytest.raises(CannotDecrypt, match="elsewhere"):
        decrypt(encrypt("320102199001010010", b"members.id"), b"members.phone")


@pytest.mark.parametrize("broken", [b"", b"x", b"\x01\xff", b"\x02\x02k1" + bytes(40)])
def test_altered_bytes_do_not_decrypt(broken):
    with pytest.raises(CannotDecrypt):
        decrypt(broken)


def test_every_altered_byte_is_noticed():
    data = encrypt("周文娟")
    for place in range(len(data)):
        with pytest.raises(CannotDecrypt):
            decrypt(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def test_keys_rotate_without_losing_old_values(settings):
    settings.FIELD_KEYS = f"k1:{OLD}"
    old = encrypt("周文娟", b"c")

    settings.FIELD_KEYS = f"k2:{NEW},k1:{OLD}"
    assert decrypt(old, b"c") == "周文娟"
    assert needs_rotation(old) is True
    fresh = rotate(old, b"c")
    assert needs_rotation(fresh) is False
    assert rotate(fresh, b"c") == fresh

    settings.FIELD_KEYS = f"k2:{NEW}"
    assert decrypt(fresh, b"c") == "周文娟"
    with pytest.raises(CannotDecrypt, match="k1"):
        decrypt(old, b"c")


@pytest.mark.parametrize("text", ["", "k1", "k1:short", "k1:!!!", f":{OLD}"])
def test_a_broken_key_ring_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured):
        parse_key_ring(text)


def test_the_blind_index_is_equal_for_equals_of_one_kind_only(settings):
    settings.BLIND_INDEX_KEY = "one"
    first = blind_index("person", "1:320102199001010010")

    assert first == blind_index("person", "1:320102199001010010")
    assert first != blind_index("phone", "1:320102199001010010")
    assert len(first) == 64
    settings.BLIND_INDEX_KEY = "two"
    assert first != blind_index("person", "1:320102199001010010")


def test_seals_of_two_kinds_differ():
    assert crypto.authenticate("a", b"x") != crypto.authenticate("b", b"x")
    assert crypto.authenticate("a", b"x") == crypto.authenticate("a", b"x")


class Secret(models.Model):
    """One value of the test."""

    value = EncryptedTextField()
    maybe = EncryptedTextField(null=True, default=None)

    class Meta:
        app_label = "journal"
        managed = False
        db_table = "kernel_test_secret"


@pytest.fixture
def secrets(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE kernel_test_secret (id bigserial PRIMARY KEY, value bytea NOT NULL, maybe bytea) ON COMMIT DROP"
        )
    return Secret.objects


def test_the_field_stores_ciphertext_and_reads_text(secrets):
    secret = secrets.create(value="320102199001010010")
    secrets.bulk_create([Secret(value="", maybe="𠮷")])
    secrets.filter(pk=secret.pk).update(value="320507198808081230")

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM kernel_test_secret")
        raw = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"320507" not in raw
    assert list(secrets.order_by("pk").values_list("value", "maybe")) == [("320507198808081230", None), ("", "𠮷")]


def test_the_field_can_not_be_searched(secrets):
    with pytest.raises(FieldError, match="blind index"):
        secrets.filter(value="320102199001010010")
    assert list(secrets.filter(maybe__isnull=True)) == []


def test_the_field_is_a_text_for_forms_and_dumps(secrets):
    secret = Secret(value="a")

    assert Secret._meta.get_field("value").value_to_string(secret) == "a"
    assert Secret().value == ""
    assert Secret().maybe is None
    assert Secret._meta.get_field("value").to_python("b") == "b"


def test_a_whole_column_opens_as_its_values_do(settings):
    settings.FIELD_KEYS = f"k1:{OLD}"
    old = encrypt("旧", b"c")
    settings.FIELD_KEYS = f"k2:{NEW},k1:{OLD}"
    column = [*crypto.encrypt_many(["一", ""], b"c"), old]

    assert crypto.decrypt_many(column, b"c") == ["一", "", "旧"]
    for broken in (column[0][:-1] + bytes([column[0][-1] ^ 1]), b"", encrypt("一", b"elsewhere")):
        with pytest.raises(CannotDecrypt):
            crypto.decrypt_many([broken], b"c")
