"""The only writers of persons and memberships."""

from yiwang.register.members.actions.bulk import Correction, correct_many, enrol_many, unenrol_many

__all__ = ["Correction", "correct_many", "enrol_many", "unenrol_many"]
