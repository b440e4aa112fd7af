import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readContext } from './context.ts';
import { DataStack } from './data-stack.ts';
import { listUseCases } from './list-use-cases.ts';
import { ServiceStack } from './service-stack.ts';

const app = new App();
const context = readContext(app.node);
const useCases = await listUseCases();

const data = new DataStack(app, 'Perennial-Data', { useCases, ...context });
const service = new ServiceStack(app, 'Perennial', { useCases, data, ...context });
service.addStackDependency(data);

Tags.of(app).add('application', 'perennial');
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
