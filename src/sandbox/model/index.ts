export type * from './campaigns.ts';
export type * from './people.ts';
export type * from './workspace.ts';
