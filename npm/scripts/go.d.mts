export const packageRoot: string;
export const repositoryRoot: string;
export function buildModule(target: string, output: string, version: string, tags?: string): void;
export function wrapRuntime(output?: string): void;
