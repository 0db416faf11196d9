# References that lead through modules.
provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "europe"
  region = "eu-west-1"
}

variable "region" {
  default = "us-west-2"
}

data "aws_caller_identity" "current" {}

module "orders" {
  source = "./function"
  name   = "orders"
}

module "returns" {
  source    = "./function"
  name      = "returns"
  providers = { aws = aws.europe }
}

module "deploy" {
  source    = "./role"
  name      = "deploy"
  functions = [module.orders.arn]
}

module "teams" {
  for_each  = toset(["blue", "green"])
  source    = "./role"
  name      = each.key
  functions = [module.returns.arn]
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = module.deploy.role
  policy_arn = "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"
}
