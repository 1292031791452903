# The broker as one image. WAYMARK_ROLE says what a container does: all (default), api or worker.
FROM node:24-slim AS build
WORKDIR /waymark
COPY package.json package-lock.json .npmrc ./
# The image keeps its data on a server: the embedded store that an install prepares is not needed.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY types ./types
COPY schemas ./schemas
COPY src ./src
COPY adapters ./adapters
COPY queues ./queues
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 WAYMARK_DATA=/waymark/data
WORKDIR /waymark
RUN install -d -o node -g node -m 0700 /waymark/data
COPY --from=build /waymark/package.json ./
COPY --from=build /waymark/node_modules ./node_modules
COPY --from=build /waymark/dist ./dist
COPY LICENSE NOTICE ./
COPY scripts/healthy.mjs ./scripts/healthy.mjs
# Views, SQL and packs are found from the package root, not from dist.
COPY adapters ./adapters
COPY packs ./packs
USER node
EXPOSE 8080 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "scripts/healthy.mjs"]
# In this form node is process 1 and receives SIGTERM itself.
CMD ["node", "dist/src/main.js"]
