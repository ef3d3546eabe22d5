from yiwang.platform.files.actions import remove_documents_of


def remove_uploads_of_draft(draft_id: int, **rest: object) -> None:
    """A draft is gone, handed in or not: what still lies there nobody will hand in."""
    remove_documents_of("draft", draft_id)
