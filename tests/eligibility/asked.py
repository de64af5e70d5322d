"""What the oracle is asked: about one person of a world, by a campaign or apart from any."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.eligibility.world import CHANNEL_OF, RUN, Campaign, Message, Person, World


@dataclass(frozen=True)
class Asked:
    """A question about one person: by a campaign's run, or apart from any."""

    world: World
    who: int
    is_run: bool

    @property
    def person(self) -> Person:
        return self.world.people[self.who]

    @property
    def campaign(self) -> Campaign:
        return self.world.campaigns[RUN] if self.is_run else Campaign(approach="")

    @property
    def purpose(self) -> str:
        return self.campaign.purpose if self.is_run else self.world.house.purpose

    @property
    def address(self) -> int | None:
        """Where we would write to."""
        on_channel = [a for a in self.person.addresses if CHANNEL_OF[a] == self.world.channel]
        return on_channel[0] if on_channel else None

    def messages(self) -> Iterator[tuple[Campaign, Message]]:
        """All there were and will be, but for those of the run that asks."""
        for number, campaign in enumerate(self.world.campaigns):
            if not (self.is_run and number == RUN):
                for message in campaign.messages:
                    yield campaign, message

    def own_messages(self) -> list[tuple[Campaign, Message]]:
        return [(c, m) for c, m in self.messages() if m.person == self.who]
