// Old configurations resolve by `typesVersions`: they know nothing of `exports`.
import { LogStreamModule } from 'nestjs-log-stream';
import { basicAuth } from 'nestjs-log-stream/access';
import { connect } from 'nestjs-log-stream/client';
import { exposePrometheusMetrics } from 'nestjs-log-stream/prometheus';
import { AuditTrailHealthIndicator } from 'nestjs-log-stream/terminus';
import { type TrailReport } from 'nestjs-log-stream/trail';
import { captureLogs } from 'nestjs-log-stream/testing';

export { AuditTrailHealthIndicator };

// @ts-expect-error a path is a text: types that do not resolve would be `any` and allow it
LogStreamModule.forRoot({ path: 1 });

// @ts-expect-error an address is needed
connect(7);

// @ts-expect-error users are needed
basicAuth(7);

// @ts-expect-error a report is none
export const report: TrailReport = 7;

// @ts-expect-error metrics are needed
exposePrometheusMetrics(7);

// @ts-expect-error an app is needed
void captureLogs(7, () => 7);
