import pytest
from django.core.exceptions import ImproperlyConfigured

from yiwang.platform.files.scanner import ClamdScanner, Finding, NullScanner, ScannerAway, scanner

from .factories import EICAR


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"harmless" * 20_000)
    return place


def test_clamd_takes_a_clean_file_in_blocks(clamd, path):
    assert scanner().scan(path) == Finding()
    assert clamd.scanned == [160_000]


def test_clamd_finds_the_test_virus(clamd, path):
    path.write_bytes(b"before" + EICAR + b"after")

    assert scanner().scan(path) == Finding(virus="Eicar-Test-Signature")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\0"])
def test_an_answer_that_is_no_verdict_is_no_clean_bill(clamd, path, answer):
    clamd.answer = answer

    with pytest.raises(ScannerAway):
        scanner().scan(path)


def test_nobody_there(settings, path, tmp_path):
    settings.SCANNER = f"unix:{tmp_path}/nobody.sock"

    with pytest.raises(ScannerAway):
        scanner().scan(path)
    assert ClamdScanner(settings.SCANNER).ping() is False


def test_ping(clamd, settings):
    assert ClamdScanner(settings.SCANNER).ping() is True


def test_network_address(path):
    with pytest.raises(ScannerAway):
        ClamdScanner("tcp:127.0.0.1:9", timeout=1).scan(path)


def test_no_scanner_takes_everything_for_clean(settings, path):
    settings.SCANNER = "none"

    assert isinstance(scanner(), NullScanner)
    assert scanner().scan(path) == Finding()


@pytest.mark.parametrize("address", ["tcp:127.0.0.1:3310", "unix:/run/clamd.ctl"])
def test_addresses_that_make_sense(settings, address):
    settings.SCANNER = address

    assert isinstance(scanner(), ClamdScanner)


@pytest.mark.parametrize("address", ["", "clamd", "unix:", "tcp:3310", "tcp:host:port", "http://x"])
def test_addresses_that_make_no_sense_stop_everything(settings, address):
    settings.SCANNER = address

    with pytest.raises(ImproperlyConfigured):
        scanner()
