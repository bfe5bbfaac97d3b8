# The server and the command line in an image. Docker, Podman and Buildah build it:
#
#   docker build --tag octostore .
#
# BASE needs Node.js 20.19 or later. BUILD_BASE also needs npm, and a C++ compiler and Python in case SQLite's addon has to be compiled.
ARG BUILD_BASE=docker.io/library/node:24-bookworm
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BUILD_BASE} AS build
WORKDIR /build
# What is installed changes less often than the source, so it is a layer of its own.
COPY package.json package-lock.json .npmrc ./
COPY sdks/typescript/package.json sdks/typescript/
COPY sdks/nestjs/package.json sdks/nestjs/
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY scripts/bootstrap.mjs scripts/
COPY sdks/typescript sdks/typescript
COPY src src
RUN npm run build \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/@octostore/nestjs \
 && chmod 0755 dist/main.js

FROM ${BASE}
RUN groupadd --gid 10001 octostore \
 && useradd --uid 10001 --gid octostore --home-dir /var/lib/octostore --no-create-home --shell /usr/sbin/nologin octostore \
 && install --directory --owner=octostore --group=octostore --mode=0700 /var/lib/octostore \
 && ln -s /opt/octostore/dist/main.js /usr/local/bin/octostore
COPY --from=build /build/package.json /opt/octostore/
COPY --from=build /build/sdks/typescript/package.json /opt/octostore/sdks/typescript/
COPY --from=build /build/sdks/typescript/dist /opt/octostore/sdks/typescript/dist
COPY --from=build /build/node_modules /opt/octostore/node_modules
COPY --from=build /build/dist /opt/octostore/dist

# Only this folder is written to, so the root file system can be read-only. It has to be on a local disk.
VOLUME /var/lib/octostore
WORKDIR /var/lib/octostore
ENV NODE_ENV=production \
    BIND_ADDR=0.0.0.0:3000 \
    DATABASE_URL=/var/lib/octostore/octostore.db \
    LOG_FORMAT=json
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
# Set OCTOSTORE_BASE_URL if the server listens elsewhere, or serves TLS.
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=3 CMD ["octostore", "health"]
ENTRYPOINT ["octostore"]
CMD ["serve"]
