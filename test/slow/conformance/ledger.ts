/** The known exceptions of one set of requirements, each with its reason. */
export interface Ledger {
  /** The number of scenarios in the set, so that the test notices a missing scenario. */
  scenarios: number;
  /** Scored scenarios that fail. */
  failing: Record<string, string>;
  /** Scenarios that the suite runs without scoring, and that fail. */
  notScored: Record<string, string>;
  /** Checks that the suite skips, as `scenario:check`. */
  skipped: Record<string, string>;
}

const STATELESS =
  'over HTTP a 2025 client has no connection that lasts, and so no way back to it during a call; over stdio it is asked';
const NO_TASKS = 'the tasks extension is not offered';
const FIXED_LIST = 'the list never changes while the server runs, and it says so';

/** The ledger of each set. A failure without an entry is a fault, and so is an entry without a failure. */
export const ledgers: Record<string, Ledger> = {
  '2025-11-25': {
    scenarios: 33,
    failing: {
      'tools-call-sampling': STATELESS,
      'tools-call-elicitation': STATELESS,
      'elicitation-sep1034-defaults': STATELESS,
      'elicitation-sep1330-enums': STATELESS,
    },
    notScored: {
      'json-schema-2020-12': 'schemas are made of zod types, none of which becomes $anchor, if or allOf',
      'server-sse-polling':
        'a stream that breaks off is not resumed: nothing is kept of it, and the call is made again',
    },
    skipped: {
      'server-session-lifecycle:server-session-delete-accepted':
        'a session is no more than a name: there is nothing to end',
      'server-session-lifecycle:server-session-terminated-returns-404': 'as above',
    },
  },
  '2026-07-28': {
    scenarios: 50,
    failing: {},
    notScored: {
      'tasks-lifecycle': NO_TASKS,
      'tasks-capability-negotiation': NO_TASKS,
      'tasks-wire-fields': NO_TASKS,
      'tasks-request-state-removal': NO_TASKS,
      'tasks-mrtr-input': NO_TASKS,
      'tasks-request-headers': NO_TASKS,
      'tasks-dispatch-and-envelope': NO_TASKS,
      'tasks-required-task-error': NO_TASKS,
      'tasks-mrtr-composition': NO_TASKS,
      'json-schema-2020-12': 'schemas are made of zod types, none of which becomes $anchor, if or allOf',
      'http-custom-header-server-validation': 'no tool has a parameter that clients are to repeat in a header',
    },
    skipped: {
      'tasks-status-notifications:tasks-status-notifications': 'the suite has yet to write it',
      'server-stateless:sep-2575-server-sends-prompts-list-changed-on-subscription': FIXED_LIST,
      'server-stateless:sep-2575-server-sends-tools-list-changed-on-subscription': FIXED_LIST,
    },
  },
};
