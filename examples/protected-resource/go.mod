module octostore.io/examples/protected-resource

go 1.18
