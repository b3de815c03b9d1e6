import { readConfig } from '@whatsthecraic/platform/config';
import { databaseSettings } from '@whatsthecraic/platform/settings';
import { connect } from '../../src/connect.ts';
import { migrateUp } from '../../src/migrator.ts';
import { expanding } from './expanding.ts';

// A run to be killed: the statement in the middle comes from whoever starts it.
const text = `CREATE TABLE one (id INT);\n${process.env.MIGRATION};\nCREATE TABLE two (id INT);`;
await using connection = await connect(readConfig(databaseSettings));
await migrateUp(connection, { migrations: [expanding('001-slow.sql', text, 1)] });
