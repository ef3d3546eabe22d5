"""The same content arriving and going at the same time, from several connections."""

import threading

import pytest
from django.db import connection

from yiwang.platform.files import storage
from yiwang.platform.files.actions import remove_document, store_upload
from yiwang.platform.files.models import Document

from . import factories as f

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works):
    failures = []

    def run(work):
        try:
            work()
        except Exception as failure:  # told below, in the thread of the test
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def store(subject_id):
    return store_upload(f.upload(f.PDF, "单据.pdf"), subject="draft", subject_id=subject_id, kind="bills", by=None)


def test_a_form_sent_twice_at_once_is_one_document(media):
    together(*[lambda: store(1)] * 4)

    assert Document.objects.count() == 1


def test_content_that_goes_while_it_comes_again_is_there_in_the_end(media):
    for round_number in range(5):
        old = store(1000 + round_number)

        together(lambda old=old: remove_document(old, by=None), lambda n=round_number: store(2000 + n))

        fresh = Document.objects.get(subject_id=2000 + round_number)
        assert storage.path_of(fresh.sha256).read_bytes() == f.PDF
        remove_document(fresh, by=None)
        assert not storage.path_of(fresh.sha256).exists()
