"""Rules R01 to R27 again, in fractions of a yuan and from the persons up, written from the handbook and not from the rule
files, so that the two can contradict each other."""

import math
from fractions import Fraction as F

LINES = {"320500": F(1208), "320600": F(885), "321300": F(760), "320100": F(1100)}
TABLE = {
    "deep": {"higher": 7500, "high_school": 6000, "compulsory": 3000, "preschool": 3000},
    "relative": {"higher": 7000, "high_school": 5500, "compulsory": 3000, "preschool": 3000},
    "accident": {"higher": 6500, "high_school": 5000, "compulsory": 2500, "preschool": 2500},
}
MONTHS = {"deep": 10, "relative": 8}
CAPS = {"higher": 12000, "high_school": 6000, "compulsory": 2000, "preschool": 6000}
COUNTED = ("wage_net", "pension", "unemployment_benefit", "property_income", "maintenance_received", "other_transfer")
PAID_BACK = ("medical_basic", "medical_serious", "medical_assistance", "medical_commercial", "medical_mutual")
TIES = ("medical", "education", "living", "accident")


def yuan(fen):
    return F(fen, 100)


def whole(amount):
    """Half up to one yuan; amounts here are never negative."""
    return F(math.floor(amount + F(1, 2)))


class Exact:
    """One household; every figure in yuan."""

    def __init__(self, household):
        self.h = household
        self.people = [person for person in household.persons if person.coresident]
        self.line = LINES[household.region]
        self.n = len(self.people)
        self.income = sum(self._income(person) for person in self.people)
        bills = sum(yuan(person.medical_total) for person in self.people)
        self.self_paid = max(F(0), bills - sum(yuan(getattr(one, name)) for one in self.people for name in PAID_BACK))
        self.schooling = sum(min(yuan(one.education_cost), F(CAPS[one.stage])) for one in self.students)
        months = sum(person.employed_months for person in self.people)
        # The rule set keeps whole fen: the cost of work is rounded to the fen.
        self.job_costs = F(math.floor(F(1, 4) * self.line * months * 100 + F(1, 2)), 100)
        self.rigid = self.self_paid + self.schooling + yuan(household.disability_care) + self.job_costs
        self.net = self.income - self.rigid
        self.year_line = self.line * 12 * self.n
        paid = household.accident_compensation + household.accident_insurance + household.accident_relief
        self.accident = max(F(0), yuan(household.accident_loss - paid))

    def _income(self, person):
        return sum(yuan(getattr(person, name)) for name in COUNTED) + max(F(0), yuan(person.business_net_income))

    @property
    def students(self):
        return [person for person in self.people if person.stage and not person.costly_school]

    @property
    def eligible(self):
        h = self.h
        return h.union_member and (not h.rural_migrant or h.labour_months >= 12) and not h.hard_exclusion

    @property
    def accident_cause(self):
        return self.accident > F(8, 10) * self.income or self.h.disaster_casualty

    @property
    def file_class(self):
        older = any(person.stage in ("high_school", "higher") for person in self.students)
        cause = self.self_paid > 5000 or older or self.accident > 0
        if not self.eligible:
            return "none"
        if self.net < self.year_line and not self.h.soft_exclusion:
            return "deep"
        if self.net < 2 * self.year_line:
            return "relative"
        if self.accident_cause:
            return "accident"
        return "edge" if self.income <= F(7, 2) * self.year_line and cause else "none"

    @property
    def entitlements(self):
        classed = self.file_class
        months = min(MONTHS.get(classed, 0), 12)
        return {
            "living": months * self.line,
            "medical": self._medical(classed),
            "education": sum((self._student(classed, person.stage) for person in self.students), F(0)),
            "accident": self._accident(classed),
        }

    def _medical(self, classed):
        rest = F(math.floor(self.self_paid))
        if classed == "deep":
            return min(whole(self.self_paid), rest)
        return min(whole(F(8, 10) * self.self_paid), F(16000), rest) if classed == "relative" else F(0)

    def _student(self, classed, stage):
        if self.h.region == "320600" and classed in TABLE:
            return F(TABLE[classed][stage])
        if stage not in ("high_school", "higher"):
            return F(0)
        return min(MONTHS.get(classed, 0), 10) * self.line

    def _accident(self, classed):
        fits = classed in ("relative", "accident") and self.accident_cause
        return min(whole(F(15, 100) * self.accident), F(10000)) if fits else F(0)

    @property
    def payable(self):
        granted = self._granted()
        return {item: amount for item, amount in granted.items() if amount > 0}

    def _granted(self):
        prior = {item: yuan(amount) for item, amount in self.h.prior_aid.items()}
        due, classed = self.entitlements, self.file_class

        def left(item, amount):
            return max(F(0), amount - prior.get(item, F(0)))

        if classed == "deep":
            return self._in_order(("living", "medical", "education"), left)
        if classed in ("relative", "accident"):
            best = max(TIES, key=lambda item: (due[item], -TIES.index(item)))
            return {best: left(best, due[best])}
        if classed == "edge":
            return {"warmth": left("warmth", F(1000))}
        if not self.eligible and not self.h.hard_exclusion:
            costs = min(whole(F(3, 10) * (self.self_paid + self.accident)), F(3000))
            return {"temporary": left("temporary", costs)}
        return {}

    def _in_order(self, order, left):
        so_far = self.net + sum(yuan(amount) for item, amount in self.h.prior_aid.items() if item != "mutual")
        granted = {}
        for item in order:
            if so_far < 2 * self.year_line:
                granted[item] = left(item, self.entitlements[item])
                so_far += granted[item]
        return granted
