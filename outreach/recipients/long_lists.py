"""Lists of the admin that open at once, however many rows there are."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator


class BoundedPaginator(_Paginator):
    """Counts no further than `MOST` rows; what lies beyond is found by searching and filtering."""

    MOST = 10_000

    @cached_property
    def counted(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        return rows.order_by()[: self.MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.MOST)

    @property
    def has_more(self) -> bool:
        return self.counted > self.MOST


class LongChangeList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            # All are shown, so the search form need not say how many were found.
            self.full_result_count = self.result_count


class LongList:
    """Mixed into the ModelAdmin of a table that grows without end."""

    paginator: type = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_max_show_all = 100

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LongChangeList
