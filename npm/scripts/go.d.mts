export const packageRoot: string;
export const repositoryRoot: string;
export function buildModule(target: string, output: string, version: string): void;
export function wrapRuntime(output?: string): void;
