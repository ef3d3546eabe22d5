"""The language in plain Python, three-valued, written apart from the compiler so that the two can contradict each other."""

from fractions import Fraction

from yiwang.platform.rules.library import expressions as ex
from yiwang.platform.rules.library.program import VERDICT, Program


class Oracle:
    def __init__(self, ruleset, facts, on):
        self.program = Program(ruleset).read()
        self.ruleset, self.on = ruleset, on
        self.facts = {**facts, "month_day": on.month * 100 + on.day, "today": on.toordinal() - 719163}

    def answer(self, name):
        return self.value(self.program.nodes[name])

    @property
    def verdict(self):
        return self.answer(VERDICT)

    def value(self, node):
        kind = type(node).__name__.lower()
        return getattr(self, "negation" if kind == "not" else kind)(node)

    def number(self, node):
        return Fraction(node.value, 10**node.scale)

    def text(self, node):
        return node.value

    truth = text

    def name(self, node):
        if node.name in self.ruleset.parameter:
            return self._figure(node.name, ())
        if node.name in self.program.nodes:
            return self.answer(node.name)
        value = self.facts.get(node.name)
        if isinstance(value, tuple):
            return None
        return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _figure(self, name, key):
        parameter = self.ruleset.parameter[name]
        value = parameter.on(self.on).get(key)
        return None if value is None else Fraction(value.value, 10**4 if parameter.unit == "rate" else 1)

    def lookup(self, node):
        keys = [self.value(key) for key in node.keys]
        return None if None in keys else self._figure(node.name, tuple(keys))

    def logic(self, node):
        values = [self.value(item) for item in node.items]
        decisive = not node.both
        if decisive in values:
            return decisive
        return None if None in values else node.both

    def compare(self, node):
        left, right = self.value(node.left), self.value(node.right)
        for side, other, sign in ((node.left, right, node.sign), (node.right, left, ex.FLIPPED[node.sign])):
            given = self.facts.get(side.name) if isinstance(side, ex.Name) else None
            if isinstance(given, tuple):
                outcomes = {self._told(Fraction(end), sign, other) for end in given} if other is not None else {None}
                if sign in ("==", "!=") and other is not None and given[0] <= other <= given[1]:
                    return None
                return outcomes.pop() if len(outcomes) == 1 else None
        return None if left is None or right is None else self._told(left, node.sign, right)

    def _told(self, left, sign, right):
        return {
            "<": lambda: left < right,
            "<=": lambda: left <= right,
            ">": lambda: left > right,
            ">=": lambda: left >= right,
            "==": lambda: left == right,
            "!=": lambda: left != right,
        }[sign]()

    def among(self, node):
        item = self.value(node.item)
        return None if item is None else item in node.options

    def sum(self, node):
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None:
            return None
        return {"+": left + right, "-": left - right, "*": left * right}[node.sign]

    def round(self, node):
        item, divisor = self.value(node.item), self.value(node.divisor)
        if item is None or divisor is None:
            return None
        steps = item / divisor / node.step
        if node.down:
            return Fraction(steps.__floor__() * node.step)
        size = (abs(steps) + Fraction(1, 2)).__floor__()
        return Fraction((size if steps >= 0 else -size) * node.step)

    def choose(self, node):
        test = self.value(node.test)
        return None if test is None else self.value(node.yes if test else node.no)

    def call(self, node):
        values = [self.value(argument) for argument in node.arguments]
        if node.function == "known":
            return values[0] is not None
        if node.function == "first":
            return next((value for value in values if value is not None), None)
        return None if None in values else {"min": min, "max": max}[node.function](values)

    def negation(self, node):
        value = self.value(node.item)
        return None if value is None else not value
