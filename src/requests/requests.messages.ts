export const answered = (method: string, route: string | undefined, status: number): string =>
  `${method} ${route ?? '(no route)'} ${status}`;

export const aborted = (method: string, route: string | undefined): string =>
  `${method} ${route ?? '(no route)'} aborted`;
