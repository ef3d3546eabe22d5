"""What can be wrong with a ballot, a key or an archive; plain English, a stable code for machines."""


class BallotProblem(Exception):
    """One thing that makes a ballot, a key or an archive unacceptable.

    ``code`` is stable; ``where`` names the record (its hash, or the place in the election).
    """

    def __init__(self, code: str, message: str, *, where: str = "") -> None:
        super().__init__(code, message, where)
        self.code = code
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.code}]" if self.where else f"{self.message} [{self.code}]"

    def at(self, where: str) -> "BallotProblem":
        """The same problem with its place."""
        return BallotProblem(self.code, self.message, where=self.where or where)
