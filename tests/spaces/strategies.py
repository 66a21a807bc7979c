"""Random parameters, spaces with conditions, and configurations in and around them."""

from __future__ import annotations

from hypothesis import strategies as st

from spaces import Choice, InputError, Integer, Parameter, Real, SearchSpace, at_least, at_most
from spaces.conditions import Rule, Value

NAMES = ["a", "b", "c", "d", "e"]


def integers() -> st.SearchStrategy[Integer]:
    def stepped(low: int, steps: int, step: int) -> Integer:
        return Integer(low, low + steps * step, step=step)

    small = st.integers(1, 3)
    linear = st.builds(stepped, st.integers(-3, 3), small, small)
    log = st.builds(lambda low, more: Integer(low, low + more, log=True), small, small)
    return linear | log


def reals() -> st.SearchStrategy[Real]:
    low, more = st.floats(-10.0, 10.0), st.floats(0.1, 10.0)
    linear = st.builds(lambda low, more: Real(low, low + more), low, more)
    log = st.builds(lambda low, times: Real(low, low * (1 + times), log=True), more, more)
    tenths = st.builds(
        lambda low, steps: Real(low / 10, (low + steps) / 10, step=0.1),
        st.integers(-20, 20),
        st.integers(1, 5),
    )
    return linear | log | tenths


def choices() -> st.SearchStrategy[Choice]:
    texts = st.lists(st.text(max_size=3), min_size=1, max_size=3, unique=True)
    numbers = st.lists(st.integers(-5, 5), min_size=1, max_size=3, unique=True)
    floats = st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=3, unique=True)
    booleans = st.lists(st.booleans(), min_size=1, max_size=2, unique=True)
    return st.builds(Choice, texts | numbers | floats | booleans)


def parameters() -> st.SearchStrategy[Parameter]:
    return integers() | reals() | choices()


@st.composite
def spaces(draw: st.DrawFn) -> SearchSpace:
    """Up to five parameters, declared in any order, with rules on those that can be parents."""
    space = SearchSpace()
    for name in NAMES[: draw(st.integers(1, len(NAMES)))]:
        parameter = draw(parameters())
        space = space.replace(**{name: parameter})
        for parent in [other for other in space if not isinstance(space[other], Real)]:
            if parent != name and draw(st.booleans()):
                parameter = parameter.when(**{parent: draw(rules(space[parent]))})
                try:
                    space = space.replace(**{name: parameter})
                except InputError:  # with the parent's own conditions it could never hold
                    parameter = space[name]
    order = draw(st.permutations(list(space)))
    return SearchSpace(**{name: space[name] for name in order})


@st.composite
def rules(draw: st.DrawFn, parent: Parameter) -> Rule | list[Value]:
    """A rule that at least one value of the parent passes."""
    value = draw(st.sampled_from(parent.grid()))
    if isinstance(parent, Integer) and isinstance(value, int) and draw(st.booleans()):
        return draw(st.sampled_from([at_least, at_most]))(value)
    others = draw(st.lists(st.sampled_from(parent.grid()), max_size=2))
    return [value, *others]


@st.composite
def configs(draw: st.DrawFn, space: SearchSpace) -> dict[str, Value]:
    """Right-typed values: often a configuration of the space, often one with a flaw."""
    config = space.sample(draw(st.integers(0, 1000)))
    name = draw(st.sampled_from(list(space)))
    match draw(st.sampled_from(["keep", "drop", "change"])):
        case "drop":
            config.pop(name, None)
        case "change":
            config[name] = draw(values_near(space[name]))
    return config


def values_near(parameter: Parameter) -> st.SearchStrategy[Value]:
    """Values of the parameter's type, inside it and out."""
    value = parameter.grid(5)[0]
    match value:
        case bool():
            return st.booleans()
        case int():
            return st.sampled_from(parameter.grid(5)) | st.integers(-10, 20)
        case float():
            return st.sampled_from(parameter.grid(5)) | st.sampled_from(
                [value - 0.05, value + 0.05]
            )
        case str():
            return st.sampled_from(parameter.grid(5)) | st.text(max_size=3)
