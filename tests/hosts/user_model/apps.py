from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "tests.hosts.user_model"
    label = "members"
