from django.contrib.admin import AdminSite
from django.http import HttpRequest


class Office(AdminSite):
    site_header = "The office"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_authenticated


office = Office(name="office")
