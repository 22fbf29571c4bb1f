import type { Outcome } from '../client/index.ts';

/** Receives a report of every completed tool call. */
export interface ToolInstrumentation {
  toolEnded(report: ToolReport): void;
}

/** How one tool call ended. `asked`: its result requests a confirmation. */
export interface ToolReport {
  tool: string;
  outcome: 'ok' | 'asked' | 'declined' | Outcome;
  ms: number;
}

/** How one HTTP request ended. */
export interface ExchangeReport {
  /** 0 where no response was sent. */
  status: number;
  /** The reason of the rejection, in a word or two. */
  refusal?: string | undefined;
  isStream: boolean;
}
