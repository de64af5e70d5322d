from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tests.hosts.soft_deleted"
    label = "core"
