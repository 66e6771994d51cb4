// The part of ECharts that the staff's pages draw with; development/assets.toml says where the bundle goes.
export { init } from "echarts/core";
import { use } from "echarts/core";
import { CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([CanvasRenderer, CustomChart, GridComponent, LineChart, TooltipComponent]);
