// The part of ECharts that the staff's pages draw with; development/assets.toml says where the bundle goes.
export { init, use, registerTheme, connect } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([
  AriaComponent, BarChart, CanvasRenderer, CustomChart, DatasetComponent, GridComponent, HeatmapChart, LineChart,
  MarkAreaComponent, MarkLineComponent, ScatterChart, TooltipComponent, VisualMapComponent,
]);
