export type * from './model/campaigns.ts';
export type * from './model/people.ts';
export type * from './model/workspace.ts';
