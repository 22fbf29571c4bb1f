# Serves stdio by default: docker run -i --rm -e HEYREACH_API_KEY IMAGE
# Over HTTP: docker run -e HEYREACH_MCP_TRANSPORT=http -e HEYREACH_MCP_HOST=0.0.0.0 -p 127.0.0.1:3000:3000 IMAGE
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# esbuild needs no install script.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && rm dist/*.map

FROM node:22-bookworm-slim
LABEL io.modelcontextprotocol.server.name="io.github.OWNER/heyreach-mcp" \
      org.opencontainers.image.title="heyreach-mcp" \
      org.opencontainers.image.description="LinkedIn outreach through HeyReach, as an MCP server" \
      org.opencontainers.image.source="https://github.com/OWNER/heyreach-mcp" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
# Node takes the files for ES modules because of package.json. The bundle needs no other package.
COPY package.json LICENSE ./
COPY --from=build /build/dist ./dist
USER node
# Over stdio the client sees whether the server runs. The variables decide, because a flag is not visible here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "process.env.HEYREACH_MCP_TRANSPORT === 'http' && fetch('http://127.0.0.1:' + (process.env.HEYREACH_MCP_PORT || 3000) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
