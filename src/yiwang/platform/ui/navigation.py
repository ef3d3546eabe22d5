"""The shape of what the base pages show around a page; the portal fills it in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str = ""
    count: int | None = None
    current: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Navigation:
    """Tabs below a phone page, groups beside a desk page, and who is looking."""

    tabs: tuple[Link, ...] = ()
    groups: tuple[Group, ...] = ()
    home_url: str = "/"
    search_url: str = ""
    messages_url: str = ""
    unread: int = 0
    person: str = ""
    role: str = ""
    organisation: str = ""
    places: tuple[Link, ...] = field(default=())
    person_links: tuple[Link, ...] = field(default=())
    city: str = ""
    city_url: str = ""
    help_url: str = ""
    keys_url: str = ""
    demo: bool = False
