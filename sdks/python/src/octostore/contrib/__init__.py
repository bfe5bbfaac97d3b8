"""OctoStore in other frameworks. Each module needs the extra of its name: `pip install octostore[celery]`."""
