"""What follows from facts of this app, after they are committed. Safe to run twice."""

from yiwang.register.access.actions import end_sessions_of


def end_staff_sessions(*, appointment_id: int, user_id: int, organisation_id: int, role: str) -> None:
    """Whoever lost an appointment signs in anew on every device; what rights are left follow from the rest."""
    end_sessions_of(user_id)
