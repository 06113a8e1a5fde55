/** Long work runs beside the call that starts it; its progress and its end arrive as events. */
export interface JobStarted {
  readonly jobId: string;
}
