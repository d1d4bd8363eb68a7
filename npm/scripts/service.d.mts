/** A program that serves. */
export interface Service {
  readonly address: string;
  stop(): Promise<void>;
}

export function startService(binary: string, args: readonly string[]): Promise<Service>;
