import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { AppRegistry } from './apps/app-registry.ts';
import { HeyReachConnection } from './client/index.ts';
import { Completer } from './completion/completer.ts';
import { checkPathsOfCalls, openDoNotContact, reloadDoNotContact, reloadWorkspaces } from './config/setting-files.ts';
import type { Config } from './config/settings.ts';
import { version } from './config/version.ts';
import { WorkspaceFile, workspacesOf } from './config/workspace-file.ts';
import { createTokenSigners } from './mcp/confirmation/elicitation.ts';
import { cachedInstructions } from './mcp/definitions/instructions.ts';
import type { Mode } from './mcp/modes.ts';
import type { RequestContext } from './mcp/request-context.ts';
import { ChangeEvents } from './mcp/services/change-events.ts';
import { Toolbox } from './mcp/toolbox.ts';
import type { Workspaces } from './mcp/workspaces.ts';
import type { LineSink } from './observability/line-writer.ts';
import { createLog, type Log } from './observability/log.ts';
import { logCircuit, reportStore } from './observability/outage-log.ts';
import { PromptRegistry } from './prompts/prompt-registry.ts';
import { resourcesFor } from './resources/protocol/read-resource.ts';
import { toSharedChange } from './resources/subscriptions/affected-resources.ts';
import { SubscriptionHub } from './resources/subscriptions/subscription-hub.ts';
import type { ProcessIdentity } from './safety/audit-log.ts';
import { confirmationFiles } from './safety/confirmation-files.ts';
import { ConfirmationTokens } from './safety/confirmation-tokens.ts';
import type { Safety } from './safety/index.ts';
import { openAuditLog } from './safety/recall-sends.ts';
import { sendsIn } from './safety/send-guard.ts';
import type { Sandbox } from './sandbox/index.ts';
import { createServerFactory } from './server.ts';
import { SkillRegistry } from './skills/skill-registry.ts';
import { openState } from './state/open-state.ts';
import type { SharedState } from './state/shared-state.ts';
import { findHidingSetting, type Selection, selectTools, tools } from './tools/registry.ts';
import type { RunningServer, ServerFactory } from './transports/server-factory.ts';
import { startStdio } from './transports/stdio/stdio-transport.ts';
import { bookmarkFiles } from './workflows/changes/bookmark-files.ts';
import { filesOnDisk } from './workflows/files/disk-files.ts';
import { filesInMemory } from './workflows/files/file-store.ts';
import { Files } from './workflows/files/files.ts';
import { sweepHourly } from './workflows/files/sweep-hourly.ts';
import { jobFiles } from './workflows/jobs/job-files.ts';
import { jobsInMemory } from './workflows/jobs/job-store.ts';
import { Jobs } from './workflows/jobs/jobs.ts';
import { localFilesOf } from './workflows/sources/files-folder.ts';

/** The streams and the process that the app runs in. */
export interface Environment {
  stdin: Readable;
  stdout: Writable;
  /** stderr, for the log. */
  stderr: LineSink;
  /** Writes one line for a person, to stderr. */
  printLine(line: string): void;
  process: ProcessIdentity;
}

/** A tool call ends this long before its deadline, so that the result still arrives in time. */
const MARGIN_MS = 1_000;

/** Keys that the sandbox accepts. */
const SANDBOX_KEY = 'sandbox';
const SANDBOX_ORGANIZATION_KEY = 'org-sandbox';

/**
 * Builds all services and starts the configured transport. The connection to HeyReach, or the sandbox, starts with the
 * first request.
 */
export async function startApp(config: Config, env: Environment): Promise<RunningServer> {
  const source = config.sandbox ? 'sandbox' : 'live';
  await checkPathsOfCalls(config);
  const log = createLog(config.logLevel, env.stderr);
  const doNotContact = await openDoNotContact(config);
  const metrics = config.metricsPort === undefined ? undefined : await createMetrics();

  // The HeyReach client.
  const sandbox = lazySandbox(config.testWindow);
  const store = await openState(config, reportStore(log));
  metrics?.observeStore(() => store.isUp);
  const { state } = store;
  const connection = new HeyReachConnection({
    permits: state.permits,
    circuits: state.circuits,
    origin: config.sandbox ? sandbox.url : config.baseUrl,
    requestsPerMinute: config.rateLimit,
    windowMs: config.testWindow,
    userAgent: `heyreach-mcp/${version}`,
    onCircuit: (report) => logCircuit(report, log),
    instrumentation: metrics,
  });
  const clientFor = (key: string) => connection.clientFor(config.sandbox ? SANDBOX_KEY : key);
  const workspaceFile =
    config.workspaces === undefined
      ? undefined
      : await WorkspaceFile.open(config.workspaces, { acceptsAnyKey: config.sandbox });
  const ownKey = config.sandbox && workspaceFile === undefined ? SANDBOX_KEY : config.apiKey;
  // In the sandbox each workspace has its own rate limit, and all have the same made-up data.
  const workspaceClient = (name: string, key: string) =>
    connection.clientFor(config.sandbox ? `${SANDBOX_KEY}-${name}` : key);
  const workspaces =
    workspaceFile && workspacesOf(workspaceFile, workspaceClient, { hasUnnamed: ownKey !== undefined });

  // What a tool call needs.
  const changes = new ChangeEvents({ state: state.changes, describe: toSharedChange });
  const jobs = new Jobs({
    store: config.stateFolder === undefined ? jobsInMemory() : jobFiles(config.stateFolder),
    identity: env.process,
    runs: state.jobRuns,
    log,
    isOffered: findHidingSetting('get_job', selectionOf(config, config.mode)) === undefined,
  });
  const files = new Files({
    store: config.stateFolder === undefined ? filesInMemory() : filesOnDisk(config.stateFolder),
    showsPaths: config.transport === 'stdio',
  });
  const stopSweeping = sweepHourly([jobs, files], log);
  const ownClient = ownKey === undefined ? undefined : clientFor(ownKey);
  const context: RequestContext = {
    // A getter, because the names in the file of workspaces can change on SIGHUP, and with them the default workspace.
    get client() {
      return ownClient ?? workspaces?.clientOf(workspaces.byDefault() ?? '');
    },
    workspaces,
    organization:
      config.organizationKey === undefined
        ? undefined
        : connection.clientFor(config.sandbox ? SANDBOX_ORGANIZATION_KEY : config.organizationKey),
    source,
    log,
    safety: { ...createSafety(config, state, log, env.process), doNotContact },
    jobs,
    files,
    localFiles: localFilesOf(config.transport, config.filesFolder),
    bookmarks: config.stateFolder === undefined ? undefined : bookmarkFiles(config.stateFolder),
    changes,
    instrumentation: metrics,
    toolMs: config.toolTimeout * 1_000 - MARGIN_MS,
  };

  // The MCP servers, one factory per mode: a bearer token can narrow the mode.
  const completer = new Completer(changes);
  const hub = new SubscriptionHub(changes, state.pollTurns);
  const serversOf = serverFactories(config, { source, workspaces, completer, hub });

  // The transport.
  const reloadFiles = async () => {
    if (doNotContact !== undefined) await reloadDoNotContact(doNotContact, log);
    if (workspaceFile !== undefined) await reloadWorkspaces(workspaceFile, log);
  };
  const closeUpstream = async () => {
    stopSweeping();
    await jobs.stop('all');
    completer.close();
    await connection.close();
    await sandbox.close();
    await store.close();
  };
  if (config.transport === 'stdio') {
    // The process ends by itself once stdin has ended and no request is in flight. A job, a sandbox or Redis would keep it alive.
    const stdio = startStdio(serversOf(config.mode), context, env, () => {
      completer.close();
      void jobs.stop('all').then(() => Promise.all([sandbox.close(), store.close()]));
    });
    return { close: () => closeAfterJobs(jobs, () => stdio.close()).then(closeUpstream), reload: reloadFiles };
  }
  const { startHttp } = await import('./transports/http/start-http.ts');
  const http = await startHttp(config, {
    requestContext: context,
    clientFor,
    connection,
    keyChecks: state.keyChecks,
    metrics,
    serversOf,
    isShown: (name, mode) => selectTools(selectionOf(config, mode)).some((tool) => tool.name === name),
    printLine: env.printLine,
  });
  return {
    close: () => closeAfterJobs(jobs, () => http.close()).then(closeUpstream),
    async reload() {
      await http.reload?.();
      await reloadFiles();
    },
  };
}

/** The settings that hide tools in a mode. */
function selectionOf(config: Config, mode: Mode): Selection {
  return {
    mode,
    toolsets: config.toolsets,
    exclude: config.excludeTools,
    hasOrganizationKey: config.organizationKey !== undefined,
  };
}

/** What the servers of all modes share. */
interface SharedServerParts {
  source: 'live' | 'sandbox';
  workspaces: Workspaces | undefined;
  completer: Completer;
  hub: SubscriptionHub;
}

/** Creates the factory of the servers of a mode. */
function serverFactories(
  config: Config,
  { source, workspaces, completer, hub }: SharedServerParts,
): (mode: Mode) => ServerFactory {
  return (mode) => {
    const selection = selectionOf(config, mode);
    const shown = selectTools(selection);
    const toolbox = new Toolbox(shown, {
      mode,
      results: config.results,
      isConfirmationOn: config.confirm !== 'off',
      workspaces,
      hiddenBy(name) {
        const setting = findHidingSetting(name, selection);
        // A bearer token or an access token can narrow the mode.
        const isOfToken = mode !== config.mode && setting === `--mode ${mode}`;
        return isOfToken ? `the mode ${mode} of this bearer token` : setting;
      },
    });
    const hasTool = (name: string) => toolbox.get(name) !== undefined;
    const skills = new SkillRegistry(hasTool);
    const apps = new AppRegistry(hasTool, config.apps === 'on');
    const instructions = cachedInstructions({ source, mode, confirm: config.confirm, workspaces }, shown);
    return createServerFactory({
      version,
      source,
      get instructions() {
        return instructions();
      },
      toolbox,
      resources: {
        ...resourcesFor(hasTool),
        readDocument: (uri) => skills.read(uri),
        readView: (uri) => apps.read(uri),
      },
      prompts: new PromptRegistry(hasTool, workspaces),
      skills,
      apps,
      completer,
      hub,
    });
  };
}

/** Interrupts the jobs while the transport ends the calls in flight. Afterwards nothing that a job sends is lost. */
async function closeAfterJobs(jobs: Jobs, closeTransport: () => Promise<void>): Promise<void> {
  await Promise.all([jobs.stop('detached'), closeTransport()]);
}

/** prom-client is loaded only when metrics are on. */
async function createMetrics() {
  const { Metrics } = await import('./observability/metrics.ts');
  return new Metrics({ tools: tools.map(({ name }) => name) });
}

/** The embedded HeyReach, started by the first request. */
function lazySandbox(windowMs: number | undefined) {
  let started: Promise<Sandbox> | undefined;
  return {
    async url(): Promise<string> {
      started ??= import('./sandbox/index.ts').then(({ startSandbox }) => startSandbox({ rateLimit: { windowMs } }));
      return (await started).url;
    },
    async close(): Promise<void> {
      await (await started)?.close();
    },
  };
}

function createSafety(config: Config, state: SharedState, log: Log, identity: ProcessIdentity): Safety {
  const { stateSecret, auditLog } = config;
  const sendsOf = sendsIn(state.sends, {
    perKey: config.maxSendsPerHour,
    perSender: config.maxSendsPerSenderPerHour,
  });
  const confirmations =
    stateSecret === undefined || config.redisUrl !== undefined
      ? state.confirmations
      : confirmationFiles(stateSecret, auditLog === undefined ? tmpdir() : dirname(auditLog));
  return {
    confirm: config.confirm,
    askMs: config.confirmTimeout * 1_000,
    confirmations: new ConfirmationTokens(createTokenSigners(stateSecret ?? randomBytes(32)), confirmations),
    sendsOf,
    audit: auditLog === undefined ? undefined : openAuditLog({ path: auditLog, identity, sendsOf, log }),
  };
}
