from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "tests.hosts.uuid_keys"
    label = "contacts"
