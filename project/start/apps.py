from django.apps import AppConfig


class StartConfig(AppConfig):
    name = "project.start"
    label = "start"
