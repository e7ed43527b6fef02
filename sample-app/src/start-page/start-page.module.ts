import { Module } from '@nestjs/common';
import { StartPageController } from './start-page.controller.js';

@Module({ controllers: [StartPageController] })
export class StartPageModule {}
