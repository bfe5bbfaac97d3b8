module octostore.io/go/octostore

go 1.24.0
