provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

module "orders" {
  source = "./function"
  name   = "orders"
}

module "returns" {
  source = "./function"
  name   = "returns"
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "Code"
    actions   = ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"]
    resources = [module.orders.arn]
  }
  statement {
    sid       = "Artifacts"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.artifacts.arn}/*"]
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

resource "aws_s3_bucket" "artifacts" {
  bucket = "artifacts-example"
}
