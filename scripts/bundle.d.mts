import type { BuildOptions, Plugin } from 'esbuild';

export declare const bundle: BuildOptions;
export declare const smallValidator: Plugin;
