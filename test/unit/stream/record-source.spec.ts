import { KEEPING, PASSING } from './feeds.js';
import { recordSourceContract } from './record-source.contract.js';

for (const [name, make] of Object.entries(KEEPING)) recordSourceContract(name, make, true);
for (const [name, make] of Object.entries(PASSING)) recordSourceContract(name, make, false);
