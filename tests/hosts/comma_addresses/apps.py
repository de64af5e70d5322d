from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "tests.hosts.comma_addresses"
    label = "campaigns"
