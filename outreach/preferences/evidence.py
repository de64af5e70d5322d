"""The only writer of ConsentEvidence: what is personal about an act of consent, until erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from outreach.conf import conf
from outreach.preferences.models import ConsentEvidence, ConsentRecord, Wording
from outreach.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was sent from. Kept only where OUTREACH["KEEP_IP"] is True."""

    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that somebody said so: in their own words or in ours, and where and how."""

    wording: str | Wording = ""
    note: str = ""
    origin: Origin | None = None

    @property
    def ours(self) -> Wording | None:
        return self.wording if isinstance(self.wording, Wording) else None


def keep_evidence(proofs: Iterable[tuple[ConsentRecord, Proof]]) -> None:
    """Keep what is personal in these proofs, where there is anything."""
    rows = [_evidence(record, proof) for record, proof in proofs]
    ConsentEvidence.objects.bulk_create(
        [row for row in rows if row.wording or row.note or row.ip or row.user_agent],
        batch_size=500,
    )


def erase_evidence(recipient: Recipient) -> int:
    """Delete what is personal about all acts of a person; how much there was.

    The acts stay, and so do the words of ours that they agreed to.
    """
    erased, _by_model = ConsentEvidence.objects.filter(record__recipient=recipient).delete()
    return erased


def _evidence(record: ConsentRecord, proof: Proof) -> ConsentEvidence:
    origin = proof.origin if proof.origin and conf().keep_ip else Origin()
    return ConsentEvidence(
        record=record,
        wording="" if isinstance(proof.wording, Wording) else proof.wording,
        note=proof.note,
        ip=_as_ip(origin.ip),
        user_agent=origin.user_agent.replace("\0", "")[:250],
    )


def _as_ip(written: str) -> str | None:
    """What a proxy says may be anything; what is no address is not kept."""
    try:
        return str(ip_address(written.strip()))
    except ValueError:
        return None
