"""A world as it was drawn, without what no database would hold."""

from dataclasses import replace

from tests.eligibility.world import Message, World

OUT = ("excluded", "withdrawn")


def tidy(world: World) -> World:
    """Without rows of nobody, and without what the database would refuse as there already."""
    count, seen = len(world.people), set[tuple[object, ...]]()

    def is_new(*key: object) -> bool:
        return key not in seen and not seen.add(key)  # type: ignore[func-returns-value]

    def has_place(each: Message, number: int, key: object) -> bool:
        """Once a person and an address in a campaign, and a person once in a coordination."""
        if each.person >= count:
            return False
        if each.state in OUT:
            return True
        slots: list[tuple[object, ...]] = [
            ("person", number, each.person),
            ("address", number, each.address),
        ]
        if each.is_coordinated and key is not None:
            slots.append(("coordinated", key, each.person))
        is_free = seen.isdisjoint(slots)
        seen.update(slots if is_free else ())
        return is_free

    return replace(
        world,
        acts=tuple(
            each
            for each in world.acts
            if each.person < count
            and (each.objects_at is None or is_new("objects", each.topic, each.objects_at))
        ),
        links=tuple(each for each in world.links if each.person < count),
        stops=tuple(each for each in world.stops if each.person is None or each.person < count),
        breaks=tuple(each for each in world.breaks if each.person < count),
        frequencies=tuple(
            each
            for each in world.frequencies
            if each.person < count and is_new("often", each.person, each.topic)
        ),
        said=tuple(each for each in world.said if each.person < count),
        members=tuple(
            each
            for each in world.members
            if each.person < count and is_new("member", each.person, each.group)
        ),
        campaigns=tuple(
            replace(
                campaign,
                messages=tuple(
                    each
                    for each in campaign.messages
                    if has_place(each, number, campaign.coordination)
                ),
            )
            for number, campaign in enumerate(world.campaigns)
        ),
    )
