/** Go's runtime in JavaScript, as far as this package touches it. */
export interface Go {
  argv: string[];
  env: Record<string, string>;
  exit: (code: number) => void;
  readonly importObject: WebAssembly.Imports;
  exited: boolean;
  /** Timers that the Go runtime has armed, by its own ids. */
  _scheduledTimeouts: Map<number, ReturnType<typeof setTimeout>>;
  _resume(): void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** Sets the runtime up over `globals`, which is all that the module can look up, and returns its class. */
export function wasmExec(globals: object): new () => Go;
