"""What every host's CRM can do, in the words of the scenario; each does it in its own way."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django.contrib.auth import get_user_model

from outreach.recipients.keys import canonical_key
from outreach.recipients.models import ContactLink, Recipient
from tests.hosts.verdict import Verdict


class Crm(ABC):
    """Keys are what the host's primary keys are.

    `city_facts` name the segment field "city" as a group's rule does; `admin_site` is the path to
    the site on which staff work, empty for a host without.
    """

    source_key: ClassVar[str]
    city_facts: ClassVar[tuple[str, ...]]
    admin_site: ClassVar[str] = "django.contrib.admin.site"
    ssl: ClassVar[bool] = False

    @abstractmethod
    def enter(self, address: str, name: str) -> Any:
        """A new row for a person in Asti; returns its key. An import of an old address, too."""

    def enter_other(self, address: str, name: str) -> Any:
        """A row that others are merged into."""
        return self.enter(address, name)

    @abstractmethod
    def mark(self, key: Any) -> None:
        """Set the CRM's own "do not contact"."""

    @abstractmethod
    def move(self, key: Any, address: str) -> None:
        """Give a person another address."""

    @abstractmethod
    def merge(self, gone: Any, into: Any) -> None:
        """Make one row of two, as this CRM does it. It knows nothing of what outreach keeps."""

    @abstractmethod
    def delete(self, key: Any) -> None: ...

    def around(self) -> AbstractContextManager[None]:
        """What has to be under way while the scenario is played."""
        return nullcontext()

    def before(self, verdict: Verdict) -> None:  # noqa: B027  (most hosts have none)
        """Steps of this host alone, once its tables are there."""

    def after(self, verdict: Verdict) -> None:  # noqa: B027
        """Steps of this host alone, at the end of it all."""

    def staff(self, name: str) -> Any:
        users: Any = get_user_model()._default_manager
        return users.create(username=name, is_staff=True, is_superuser=True)

    def person(self, key: Any) -> Recipient:
        """Whom outreach knows by this row."""
        return ContactLink.objects.get(
            source=self.source_key, contact_key=canonical_key(key)
        ).recipient
